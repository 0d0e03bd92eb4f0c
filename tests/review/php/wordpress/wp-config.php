<?php
define( 'DB_HOST', 'localhost' );
define( 'WPMS_SMTP_HOST', 'smtp.mail.me.com' );
define( 'WPMS_SMTP_PORT', 587 );
define( 'WPMS_SSL', 'ssl' );
define( 'WPMS_SMTP_USER', 'jane@icloud.com' );
