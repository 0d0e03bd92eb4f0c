# Installs a released icloud-mail-doctor for this user, after comparing its checksum. Nothing else is changed but PATH.
#
#   .\install.ps1                   the newest release
#   .\install.ps1 -Version 0.1.0    that one
param(
    [string]$Version = "",
    [string]$Releases = "@REPOSITORY@/releases",
    [string]$Bin = "$env:LOCALAPPDATA\Programs\icloud-mail-doctor"
)
$ErrorActionPreference = "Stop"
# The progress bar of PowerShell 5 makes a download ten times slower.
$ProgressPreference = "SilentlyContinue"
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$name = "icloud-mail-doctor"
if ($Releases.StartsWith("@")) { throw "This script does not know where releases are: give -Releases." }
if (-not $Releases.StartsWith("https://")) { throw "$Releases is not an https address." }
$target = "x86_64-pc-windows-gnu"
$from = if ($Version) { "$Releases/download/v$Version" } else { "$Releases/latest/download" }
$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
New-Item -ItemType Directory $work | Out-Null
try {
    Invoke-WebRequest -UseBasicParsing "$from/SHA256SUMS" -OutFile "$work\SHA256SUMS"
    $wanted = if ($Version) { [regex]::Escape($Version) } else { "[^ ]+" }
    $line = Get-Content "$work\SHA256SUMS" | Select-String "^([0-9a-f]{64})  ($name-$wanted-$target\.zip)$" | Select-Object -First 1
    if (-not $line) { throw "The release has nothing for $target." }
    $expected = $line.Matches[0].Groups[1].Value
    $archive = $line.Matches[0].Groups[2].Value
    Invoke-WebRequest -UseBasicParsing "$from/$archive" -OutFile "$work\$archive"
    $actual = (Get-FileHash -Algorithm SHA256 "$work\$archive").Hash.ToLowerInvariant()
    if ($actual -ne $expected) { throw "$archive is not what its release says it is: nothing was installed." }
    Expand-Archive "$work\$archive" $work
    New-Item -ItemType Directory -Force $Bin | Out-Null
    Copy-Item -Force "$work\$([IO.Path]::GetFileNameWithoutExtension($archive))\$name.exe" $Bin
} finally {
    Remove-Item -Recurse -Force $work
}
& "$Bin\$name.exe" --version
$path = [Environment]::GetEnvironmentVariable("Path", "User")
if (($path -split ";") -notcontains $Bin) {
    [Environment]::SetEnvironmentVariable("Path", "$path;$Bin", "User")
    "$Bin was added to your PATH: open a new window to use it."
}
"Installed in $Bin; to uninstall it, delete that folder."
