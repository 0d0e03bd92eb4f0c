user_pref("mail.server.server1.hostname", "imap.mail.me.com");
user_pref("mail.server.server1.type", "imap");
user_pref("mail.server.server1.userName", "you@me.com");
user_pref("mail.smtpserver.smtp1.hostname", "imap.mail.me.com");
user_pref("mail.smtpserver.smtp1.username", "you@me.com");
user_pref("mail.smtpserver.smtp2.hostname", "smtp.mail.me.com");
user_pref("mail.smtpserver.smtp2.try_ssl", 3);
user_pref("mail.smtpserver.smtp2.username", "you@me.com");
