# program: thunderbird python3 unshare
# sees: receiving sending
"$DOCTOR" setup thunderbird you@icloud.com --password-command "$PASSWORD_COMMAND" --output ~/icloud.com.xml 2> /dev/null
mkdir -p ~/isp ~/profile ~/tmp
cp ~/icloud.com.xml ~/isp/
cmp ~/icloud.com.xml ~/isp/icloud.com.xml
# On no other machine than this one is the program's own folder covered.
export TMPDIR=~/tmp
unshare --mount bash -euc 'mount --bind ~/isp /usr/lib/thunderbird/isp
exec thunderbird --headless --no-remote --profile ~/profile --marionette --remote-allow-system-access' > ~/log 2>&1 &
cat > ~/drive.py <<'PYTHON'
import json, os, re, socket, subprocess, time

for _ in range(300):
    try:
        line = socket.create_connection(("127.0.0.1", 2828)).makefile("rwb")
        break
    except OSError:
        time.sleep(0.1)

def read():
    length = b""
    while (byte := line.read(1)) != b":":
        length += byte
    return json.loads(line.read(int(length)))

def ask(name, **parameters):
    message = json.dumps([0, 1, name, parameters]).encode()
    line.write(b"%d:%s" % (len(message), message))
    line.flush()
    _, _, error, result = read()
    if error:
        raise SystemExit(f"{name}: {error['message']}")
    return result

read()
ask("WebDriver:NewSession")
ask("Marionette:SetContext", value="chrome")
ask("WebDriver:SetTimeouts", script=120000)
store = open("/etc/ssl/certs/ca-certificates.crt").read()
roots = [re.sub(r"\s", "", root) for root in re.findall(r"BEGIN CERTIFICATE-----(.*?)-----END", store, re.S)]
password = subprocess.run(os.environ["PASSWORD_COMMAND"], shell=True, capture_output=True, text=True, check=True).stdout
# What the wizard does behind its window, with Thunderbird's own modules.
script = """
const [roots, password, done] = arguments;
let stage = "starting";
setTimeout(() => done({ error: `hangs while ${stage}` }), 60000);
(async () => {
    const load = (name) => ChromeUtils.importESModule(`resource:///modules/${name}.sys.mjs`);
    const { FetchConfig } = load("accountcreation/FetchConfig");
    const { AccountConfig } = load("accountcreation/AccountConfig");
    const { ConfigVerifier } = load("accountcreation/ConfigVerifier");
    const { CreateInBackend } = load("accountcreation/CreateInBackend");
    const { MailServices } = load("MailServices");
    const store = Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB);
    for (const root of roots) store.addCertFromBase64(root, "CT,,");

    const never = new AbortController().signal;
    const config = await FetchConfig.fromDisk("icloud.com", never);
    AccountConfig.replaceVariables(config, "You", "you@icloud.com", password);
    config.rememberPassword = true;
    await new ConfigVerifier(null, never).verifyConfig(config, false);
    const account = await CreateInBackend.createAccountInBackend(config);
    const server = account.incomingServer;
    const smtp = MailServices.outgoingServer.defaultServer;

    const { msgWindow } = Services.wm.getMostRecentWindow("mail:3pane");
    server.getNewMessages(server.rootFolder, msgWindow, null);
    server.performExpand(msgWindow);
    const until = async (what, found) => {
        for (let i = 0; i < 300; i++) {
            const value = found();
            if (value) return value;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw `${what} is not there; the folders are ${names()}`;
    };
    const names = () => server.rootFolder.descendants.map((folder) => folder.name);
    const folder = (name) => until(name, () => server.rootFolder.descendants.find((folder) =>
        folder.QueryInterface(Ci.nsIMsgImapMailFolder).onlineName == name));
    stage = "listing";
    const inbox = await folder("INBOX");
    const sent = await folder("Sent Messages");
    for (const name of ["Archive", "Deleted Messages", "Drafts", "Junk"]) await folder(name);
    const message = await until("a message", () => [...inbox.messages][0]);
    stage = "fetching";
    const text = await new Promise((resolve, reject) => {
        const uri = inbox.getUriForMsg(message);
        const service = MailServices.messageServiceFromURI(uri);
        let whole = "";
        service.streamMessage(uri, {
            QueryInterface: ChromeUtils.generateQI(["nsIStreamListener", "nsIRequestObserver"]),
            onStartRequest() {},
            onDataAvailable(request, input, offset, count) {
                const reader = Cc["@mozilla.org/scriptableinputstream;1"].createInstance(Ci.nsIScriptableInputStream);
                reader.init(input);
                whole += reader.readBytes(count);
            },
            onStopRequest(request, status) { status ? reject(`status ${status}`) : resolve(whole); },
        }, null, null, false, "", false);
    });

    stage = "sending";
    // Step 8 of the page.
    account.defaultIdentity.fccFolderURI = sent.URI;
    account.defaultIdentity.fccFolderPickerMode = 1;
    const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
    fields.from = "You <you@icloud.com>";
    fields.to = "you@icloud.com";
    fields.subject = "Sent by Thunderbird";
    await new Promise((resolve, reject) => {
        const send = Cc["@mozilla.org/messengercompose/send;1"].createInstance(Ci.nsIMsgSend);
        send.createAndSendMessage(null, account.defaultIdentity, account.key, fields, false, false,
            Ci.nsIMsgCompDeliverMode.Now, null, "text/plain", "Hello.\\n", null, null, {
                QueryInterface: ChromeUtils.generateQI(["nsIMsgSendListener", "nsIMsgCopyServiceListener"]),
                onStartSending() {}, onSendProgress() {}, onStatus() {}, onGetDraftFolderURI() {},
                onSendNotPerformed(id, status) { reject(`not sent: ${status}`); },
                onTransportSecurityError(id, status) { reject(`not trusted: ${status}`); },
                onStopSending(id, status) { if (status) reject(`sending: ${status}`); },
                onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() { return null; },
                onStopCopy(status) { status ? reject(`copy: ${status}`) : resolve(); },
            }, "", "", Ci.nsIMsgCompType.New);
    });
    stage = "looking for the copy";
    sent.updateFolder(msgWindow);
    const copy = await until("the copy", () => [...sent.messages][0]);
    return {
        receiving: [server.type, server.hostname, server.port, server.socketType == Ci.nsMsgSocketType.SSL,
            server.authMethod == Ci.nsMsgAuthMethod.passwordCleartext, server.username],
        sending: [smtp.serverURI.host, smtp.serverURI.port, smtp.socketType == Ci.nsMsgSocketType.alwaysSTARTTLS,
            smtp.authMethod == Ci.nsMsgAuthMethod.passwordCleartext, smtp.username],
        subject: message.subject, text, folders: names(),
        copy: copy.subject,
    };
})().then(done, (error) => done({ error: `${error} ${error.stack ?? ""}` }));
"""
seen = ask("WebDriver:ExecuteAsyncScript", script=script, args=[roots, password], sandbox="system")["value"]
print(seen)
if "error" in seen:
    raise SystemExit(1)
assert seen["receiving"] == ["imap", "imap.mail.me.com", 993, True, True, "you"]
assert seen["sending"] == ["smtp.mail.me.com", 587, True, True, "you@icloud.com"]
assert seen["subject"] == "The only message" and "Subject: The only message" in seen["text"]
assert seen["copy"] == "Sent by Thunderbird"
ask("Marionette:Quit", flags=["eForceQuit"])
PYTHON
timeout 180 python3 ~/drive.py || { grep -v -i gtk ~/log | tail -n 12; exit 1; }
wait || true
