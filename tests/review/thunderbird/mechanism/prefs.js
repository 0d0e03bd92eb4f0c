user_pref("mail.smtpserver.smtp1.hostname", "smtp.mail.me.com");
user_pref("mail.smtpserver.smtp1.port", 587);
user_pref("mail.smtpserver.smtp1.try_ssl", 2);
user_pref("mail.smtpserver.smtp1.authMethod", 4);
user_pref("mail.smtpserver.smtp1.username", "you@icloud.com");
