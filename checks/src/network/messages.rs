//! Blanks what messages say in what a server sends, so that a recorded case holds none of it.

/// Follows a server's bytes as far as it takes to know where a fetched message begins and ends.
#[derive(Debug, Default)]
pub(super) struct Blanked {
    line: Vec<u8>,
    /// Whether the line belongs to a FETCH response, which goes on after each message's end.
    is_fetch: bool,
    is_quoted: bool,
    /// How many bytes of a literal are still to come.
    left: usize,
}

impl Blanked {
    /// The same bytes with those of messages replaced, one for one.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        bytes.iter().map(|byte| self.next(*byte)).collect()
    }

    fn next(&mut self, byte: u8) -> u8 {
        let is_line_end = matches!(byte, b'\r' | b'\n');
        if self.left > 0 {
            self.left -= 1;
            return if is_line_end { byte } else { b'x' };
        }
        if byte == b'\n' {
            let announced = String::from_utf8_lossy(&self.line);
            let announced =
                announced.trim_end().strip_suffix('}').and_then(|line| line.rsplit('{').next()?.parse().ok());
            self.left = announced.filter(|_| self.is_fetch).unwrap_or(0);
            self.is_fetch &= self.left > 0;
            self.is_quoted = false;
            self.line.clear();
            return byte;
        }
        // A backslash before a quote is blanked with it, so that the string still ends where it ended.
        let is_escaped = self.is_quoted && self.line.last() == Some(&b'\\');
        self.line.push(byte);
        self.is_fetch |= self.line.len() < 40 && is_fetch(&self.line);
        if byte == b'"' && !is_escaped {
            self.is_quoted = !self.is_quoted;
            return byte;
        }
        if self.is_fetch && self.is_quoted && !is_line_end { b'x' } else { byte }
    }
}

fn is_fetch(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ');
    words.next() == Some(b"*")
        && words.next().is_some()
        && words.next().is_some_and(|w| w.eq_ignore_ascii_case(b"FETCH"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_says_is_blanked_however_it_arrives() {
        let said = b"* 1 FETCH (RFC822 {12}\r\nDear Anna,\r\n UID 7)\r\n* 2 EXISTS\r\nM4 OK {5}\r\n\
            * 1 FETCH (BODY[]<0> \"Dear \\\"Anna\" UID 7)\r\n* LIST () \"/\" \"Sent\"\r\n";
        let expected = "* 1 FETCH (RFC822 {12}\r\nxxxxxxxxxx\r\n UID 7)\r\n* 2 EXISTS\r\nM4 OK {5}\r\n\
            * 1 FETCH (BODY[]<0> \"xxxxxxxxxxx\" UID 7)\r\n* LIST () \"/\" \"Sent\"\r\n";
        for size in 1..=said.len() {
            let mut blanked = Blanked::default();
            let passed: Vec<u8> = said.chunks(size).flat_map(|bytes| blanked.pass(bytes)).collect();
            assert_eq!(String::from_utf8_lossy(&passed), expected, "in pieces of {size}");
        }
    }
}
