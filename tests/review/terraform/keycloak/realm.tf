resource "keycloak_realm" "example" {
  realm   = "example"
  enabled = true

  smtp_server {
    host     = "smtp.mail.me.com"
    port     = 587
    from     = "you@icloud.com"
    ssl      = true
    starttls = false

    auth {
      username = "you"
      password = var.mail_password
    }
  }
}
