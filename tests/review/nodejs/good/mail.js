const server = require("nodemailer").createTransport({
  host: "smtp.mail.me.com",
  port: 587,
  secure: false,
  auth: { user: "jane@icloud.com", pass: process.env.MAIL_PASS },
});
