//! Conceals the evidence of a run.

use super::Concealer;
use super::sought::Sought;
use crate::evidence::Evidence;
use crate::transcript::{Said, Speaker};

impl Concealer {
    /// The evidence without what has to be hidden: everything that servers sent is compared as one conversation.
    pub fn evidence(&self, mut evidence: Evidence) -> Result<Evidence, serde_json::Error> {
        let mut transcripts: Vec<_> = evidence.transcripts_mut().into_iter().map(std::mem::take).collect();
        let hidden = self.said(transcripts.iter_mut().flat_map(|transcript| &mut transcript.lines).collect());
        // The facts repeat what was understood of a hidden line.
        let mut evidence = self.all_but(evidence, &hidden)?;
        for (place, mut transcript) in evidence.transcripts_mut().into_iter().zip(transcripts) {
            transcript.cut();
            *place = transcript;
        }
        Ok(evidence)
    }

    /// Conceals the lines, and returns those of servers that were hidden, as they were.
    fn said(&self, said: Vec<&mut Said>) -> Vec<String> {
        let (of_servers, ours): (Vec<_>, Vec<_>) = said.into_iter().partition(|said| said.from == Speaker::Server);
        let mut lines: Vec<String> = of_servers.iter().map(|said| said.text.clone()).collect();
        let found = self.found(&lines);
        // The text beside an encoded address is not a secret.
        let is_secret = self.sought.iter().any(|sought| sought.in_plain);
        let hidden = lines.iter().zip(&found).filter(|(_, is_found)| **is_found && is_secret);
        let hidden = hidden.map(|(line, _)| line.clone()).collect();
        self.put(&mut lines, &found);
        of_servers.into_iter().zip(lines).for_each(|(said, line)| said.text = line);
        // Our own lines contain no password; a name typed in the wrong place may be one, and no word of ours is.
        if self.sought.iter().all(Sought::is_rare) {
            for said in ours {
                said.text = self.text(&said.text).into_owned();
            }
        }
        hidden
    }
}
