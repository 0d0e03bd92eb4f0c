# TLS comes first unless something else is said.
{
  accounts.email.accounts.icloud = {
    address = "you@icloud.com";
    userName = "you@icloud.com";
    smtp = {
      host = "smtp.mail.me.con";
      port = 587;
    };
  };
}
