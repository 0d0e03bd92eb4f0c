-- Many accounts for Dovecot, and for Postfix by way of it: each by its name, and what is said to it by its kind.
-- https://doc.dovecot.org/2.3/configuration_manual/authentication/lua_based_authentication/

local accounts = {}

function script_init()
  for line in io.lines("{place}/many") do
    local name, kind, password = line:match("^(%S+) (%S+) (.*)$")
    accounts[name] = { kind = kind, password = password }
  end
  return 0
end

local auth = dovecot.auth

-- What a kind gets at a server in place of a look at its password.
local outcomes = {
  ["disabled"] = { imap = auth.PASSDB_RESULT_USER_DISABLED, smtp = auth.PASSDB_RESULT_USER_DISABLED },
  ["disabled-imap"] = { imap = auth.PASSDB_RESULT_USER_DISABLED },
  ["disabled-smtp"] = { smtp = auth.PASSDB_RESULT_USER_DISABLED },
  ["expired"] = { imap = auth.PASSDB_RESULT_PASS_EXPIRED, smtp = auth.PASSDB_RESULT_PASS_EXPIRED },
  ["broken"] = { imap = auth.PASSDB_RESULT_INTERNAL_FAILURE, smtp = auth.PASSDB_RESULT_INTERNAL_FAILURE },
  ["broken-imap"] = { imap = auth.PASSDB_RESULT_INTERNAL_FAILURE },
  ["broken-smtp"] = { smtp = auth.PASSDB_RESULT_INTERNAL_FAILURE },
  ["unknown-user"] = { imap = auth.PASSDB_RESULT_USER_UNKNOWN, smtp = auth.PASSDB_RESULT_USER_UNKNOWN },
  ["imap-refuses"] = { imap = auth.PASSDB_RESULT_PASSWORD_MISMATCH },
  ["smtp-refuses"] = { smtp = auth.PASSDB_RESULT_PASSWORD_MISMATCH },
}

-- What is added to the answer that the password is right.
local fields = {
  ["switched-off"] = { imap = "nologin reason=IMAP_access_is_disabled_for_this_account" },
  ["throttled"] = { imap = "nologin reason=Too_many_login_attempts,_please_try_again_later" },
  ["other-network"] = { imap = "allow_nets=192.0.2.0/24", smtp = "allow_nets=192.0.2.0/24" },
  ["moved"] = { imap = "proxy host=192.0.2.1 port=993 proxy_timeout=1" },
}

function auth_passdb_lookup(request)
  request:log_info("signs in at " .. request.service)
  local account = accounts[request.user:match("^[^@]*")]
  if account == nil then
    return auth.PASSDB_RESULT_USER_UNKNOWN, ""
  end
  local outcome = (outcomes[account.kind] or {})[request.service]
  if outcome ~= nil then
    return outcome, ""
  end
  local answer = { password = "{PLAIN}" .. account.password }
  for word in ((fields[account.kind] or {})[request.service] or ""):gmatch("%S+") do
    local name, value = word:match("^([^=]+)=?(.*)$")
    answer[name] = value == "" and "y" or value:gsub("_", " ")
  end
  return auth.PASSDB_RESULT_OK, answer
end
