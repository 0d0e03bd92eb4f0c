<?php
$CONFIG = array (
  'instanceid' => 'oc1',
  'mail_smtpmode' => 'smtp',
  'mail_smtphost' => 'smtp.mail.me.com',
  'mail_smtpport' => '587',
  'mail_smtpsecure' => 'ssl',
  'mail_smtpauth' => true,
  'mail_smtpname' => 'jane@icloud.com',
);
