{ config, ... }:
{
  # msmtp sends the mail of cron.
  programs.msmtp = {
    enable = true;
    defaults = {
      port = 465;
      tls = true;
      tls_starttls = false;
    };
    accounts.default = {
      auth = true;
      host = "smtp.mail.me.com";
      from = "you@icloud.com";
      user = "you";
      passwordeval = "cat ${config.sops.secrets.mail.path}";
    };
  };
}
