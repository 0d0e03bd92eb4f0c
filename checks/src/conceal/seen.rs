//! Conceals what a run has seen.

use super::Concealer;
use super::sought::Sought;
use crate::evidence::Evidence;
use crate::talk::{Said, Speaker};

impl Concealer {
    /// What a run learnt, without what has to be hidden: all that servers said is compared as one conversation.
    pub fn evidence(&self, mut evidence: Evidence) -> Result<Evidence, serde_json::Error> {
        let mut transcripts: Vec<_> = evidence.transcripts_mut().into_iter().map(std::mem::take).collect();
        self.said(transcripts.iter_mut().flat_map(|transcript| &mut transcript.lines).collect());
        let mut evidence = self.all(&evidence)?;
        for (place, mut transcript) in evidence.transcripts_mut().into_iter().zip(transcripts) {
            transcript.cut();
            *place = transcript;
        }
        Ok(evidence)
    }

    fn said(&self, said: Vec<&mut Said>) {
        let (of_servers, ours): (Vec<_>, Vec<_>) = said.into_iter().partition(|said| said.from == Speaker::Server);
        let mut lines: Vec<String> = of_servers.iter().map(|said| said.text.clone()).collect();
        self.lines(&mut lines);
        of_servers.into_iter().zip(lines).for_each(|(said, line)| said.text = line);
        // Our own lines hold no password; a name given in the wrong place may be one, and no word of ours is.
        if self.sought.iter().all(Sought::is_rare) {
            for said in ours {
                said.text = self.text(&said.text);
            }
        }
    }
}
