{
  programs.msmtp = {
    enable = true;
    accounts.default = {
      auth = true;
      tls = true;
      host = "smtp.mail.me.com";
      port = 587;
      from = "you@icloud.com";
      user = "you@icloud.com";
      passwordeval = "cat /run/secrets/mail";
    };
  };
}
