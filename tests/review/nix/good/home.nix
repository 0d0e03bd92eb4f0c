{ config, pkgs, ... }:

{
  programs.msmtp.enable = true;

  accounts.email.accounts.icloud = {
    primary = true;
    address = "you@icloud.com";
    userName = "you@icloud.com";
    passwordCommand = "${pkgs.pass}/bin/pass show icloud";
    imap = {
      host = "imap.mail.me.com";
      port = 993;
    };
    smtp = {
      host = "smtp.mail.me.com";
      port = 587;
      tls.useStartTls = true;
    };
    msmtp.enable = true;
  };
}
