//! Conceals what a run has seen.

use super::Concealer;
use crate::evidence::Evidence;
use crate::talk::{Said, Speaker};

impl Concealer {
    /// What a run learnt, without what has to be hidden: all that servers said is compared as one conversation.
    pub fn evidence(&self, mut evidence: Evidence) -> Result<Evidence, serde_json::Error> {
        let mut transcripts: Vec<_> = evidence.transcripts_mut().into_iter().map(std::mem::take).collect();
        let mut said: Vec<&mut Said> = transcripts.iter_mut().flat_map(|transcript| &mut transcript.lines).collect();
        self.said(&mut said);
        let mut evidence = self.all(&evidence)?;
        for (place, mut transcript) in evidence.transcripts_mut().into_iter().zip(transcripts) {
            transcript.cut();
            *place = transcript;
        }
        Ok(evidence)
    }

    fn said(&self, said: &mut [&mut Said]) {
        let of_servers = |said: &&mut &mut Said| said.from == Speaker::Server;
        let mut lines: Vec<String> = said.iter_mut().filter(of_servers).map(|said| said.text.clone()).collect();
        self.lines(&mut lines);
        said.iter_mut().filter(of_servers).zip(lines).for_each(|(said, line)| said.text = line);
        // Our own lines hold no password; a name given in the wrong place may be one, and no word of ours is.
        if self.sought.iter().all(super::Sought::is_rare) {
            said.iter_mut()
                .filter(|said| said.from != Speaker::Server)
                .for_each(|said| said.text = self.text(&said.text));
        }
    }
}
