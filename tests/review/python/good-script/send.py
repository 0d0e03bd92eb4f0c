import os, smtplib

with smtplib.SMTP("smtp.mail.me.com", 587) as server:
    server.starttls()
    server.login("jane@icloud.com", os.environ["APP_PASSWORD"])
