resource "docker_container" "app" {
  name = "app"
  env = {
    SMTP_HOST     = "smtp.mail.me.com"
    SMTP_PORT     = 587
    SMTP_STARTTLS = true
    SMTP_USERNAME = "you@icloud.com"
    SMTP_PASSWORD = var.smtp_password
  }
}

resource "keycloak_realm" "example" {
  realm = "example"
  smtp_server {
    host     = "smtp.mail.me.com"
    port     = "587"
    from     = "you@icloud.com"
    starttls = true
    auth {
      username = "you@icloud.com"
      password = var.mail_password
    }
  }
}
