<?php
$mail = new PHPMailer(true);
$mail->isSMTP();
$mail->Host = "smtp.mail.me.com";
$mail->SMTPAuth = true;
$mail->SMTPSecure = PHPMailer::ENCRYPTION_STARTTLS;
$mail->Port = 587;
$mail->Username = "jane@icloud.com";
$mail->Password = getenv("MAIL_PASS");
