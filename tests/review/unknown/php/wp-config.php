<?php
define("SMTP_HOST", "smtp.mail.me.com");
define("SMTP_PORT", 465);
define("SMTP_USER", "you@icloud.com");
