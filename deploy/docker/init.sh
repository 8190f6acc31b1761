#!/bin/sh
# Makes what the containers share and nobody else may know, in secrets/: the tokens
# of NapCat, of the operator and of the bot, and NapCat's side of the connection.
# What is there already stays as it is.
set -eu
cd "$(dirname "$0")"
umask 022

# The folder keeps others out; in it the containers' user has to read.
mkdir -p secrets
chmod 700 secrets

# So have these.
chmod -R a+rX config bot

# put FILE: what comes in, whole or not at all.
put() {
    cat >"$1.new"
    [ -s "$1.new" ] || exit 1
    chmod 444 "$1.new"
    mv "$1.new" "$1"
}

for name in napcat_token operator_token bot_token; do
    [ -s "secrets/$name" ] ||
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' | put "secrets/$name"
done

[ -s secrets/napcat.json ] || put secrets/napcat.json <<EOF
{
  "network": {
    "httpServers": [],
    "httpSseServers": [],
    "httpClients": [],
    "websocketServers": [],
    "websocketClients": [
      {
        "name": "onebus",
        "enable": true,
        "url": "ws://bridge:3001/onebot/v11/ws",
        "messagePostFormat": "array",
        "reportSelfMessage": false,
        "reconnectInterval": 5000,
        "token": "$(cat secrets/napcat_token)",
        "debug": false,
        "heartInterval": 30000
      }
    ],
    "plugins": []
  },
  "musicSignUrl": "",
  "enableLocalFile2Url": false,
  "parseMultMsg": false
}
EOF

[ -e .env ] || cat >.env <<'EOF'
# What docker compose reads beside its files.
COMPOSE_PROJECT_NAME=onebus

# The bot's QQ number, to log in again without a QR code once it has been here.
# NAPCAT_ACCOUNT=10001

# A version instead of the newest.
# NAPCAT_TAG=latest

# Copies of yours, that no upgrade touches.
# ONEBUS_BOT_FOLDER=./local/bot
# ONEBUS_CONFIG_FOLDER=./local/config
EOF
