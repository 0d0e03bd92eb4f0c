import os

EMAIL_HOST = "smtp.mail.me.com"
EMAIL_PORT = int(os.environ["EMAIL_PORT"])
EMAIL_USE_SSL = True
server = EMAIL_HOST
user = "you@icloud.com"
