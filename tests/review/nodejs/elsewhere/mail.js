const server = require("nodemailer").createTransport({
  host: "smtp.mail.me.com",
  port: process.env.SMTP_PORT,
  secure: true,
  auth: { user: "jane@icloud.com", pass: process.env.MAIL_PASS },
});
