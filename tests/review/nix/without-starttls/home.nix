{
  accounts.email.accounts."you@icloud.com" = {
    address = "you@icloud.com";
    userName = "you";
    imap = { host = "imap.mail.me.com"; port = 143; tls.enable = false; };
    smtp = {
      host = "smtp.mail.me.com";
      port = 587;
      tls.useStartTls = false;
    };
  };
}
