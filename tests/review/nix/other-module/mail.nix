{ services.mailer = {
    smtp.host = "smtp.mail.me.com";
    smtp.port = 587;
    smtp.ssl = true;
    user = "you@icloud.com";
  };
}
