import os, smtplib

server = smtplib.SMTP_SSL("smtp.mail.me.com", 587)
server.login("you@icloud.com", os.environ["APP_PASSWORD"])
