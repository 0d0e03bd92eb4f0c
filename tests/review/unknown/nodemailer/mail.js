const server = require("nodemailer").createTransport({
  host: "smtp.mail.icloud.com",
  port: process.env.SMTP_PORT,
  secure: true,
  auth: { user: "you@icloud.com", pass: process.env.MAIL_PASS },
});
