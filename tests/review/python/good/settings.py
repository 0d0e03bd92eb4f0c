import os

EMAIL_HOST = "smtp.mail.me.com"
EMAIL_PORT = 587
EMAIL_USE_TLS = True
EMAIL_HOST_USER = "jane@icloud.com"
EMAIL_HOST_PASSWORD = os.environ["MAIL_PASS"]
