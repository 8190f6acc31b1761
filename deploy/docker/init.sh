#!/bin/sh
# Makes what the containers share and nobody else may know, in secrets/: the tokens
# of NapCat, of the operator, of the bot and of OpenClaw, NapCat's side of the
# connection, and the passwords of NATS; and openclaw.env and nats.env. What is there
# already stays as it is.
set -eu
cd "$(dirname "$0")"
umask 022

# The folder keeps others out; in it the containers' user has to read.
mkdir -p secrets
chmod 700 secrets

# So have these.
chmod -R a+rX config bot openclaw nats

# put FILE: what comes in, whole or not at all.
put() {
    cat >"$1.new"
    [ -s "$1.new" ] || exit 1
    chmod 444 "$1.new"
    mv "$1.new" "$1"
}

token() {
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

for name in napcat_token operator_token bot_token openclaw_token; do
    [ -s "secrets/$name" ] || token | put "secrets/$name"
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

# NATS takes passwords from its own settings alone, and a bridge from an address.
for name in bridge bot admin route; do
    [ -s "secrets/nats_${name}_password" ] || token | put "secrets/nats_${name}_password"
done

password() {
    cat "secrets/nats_$1_password"
}

# servers USER PORT: the three addresses.
servers() {
    for server in nats1 nats2 nats3; do
        echo "nats://$1:$(password "$1")@$server:$2"
    done | paste -sd ,
}

[ -s secrets/nats.conf ] || put secrets/nats.conf <<EOF
BRIDGE_PASSWORD: "$(password bridge)"
BOT_PASSWORD: "$(password bot)"
ADMIN_PASSWORD: "$(password admin)"
ROUTE_PASSWORD: "$(password route)"
ROUTES: [$(servers route 6222)]
EOF

[ -e nats.env ] || (
    umask 077
    cat >nats.env <<EOF
# Where the bridges of compose.nats.yaml find NATS; made by init.sh.
ONEBUS_BRIDGE_NATS_URL=$(servers bridge 4222)
EOF
)

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

# docker compose alone reads it, and gives it to the container.
[ -e openclaw.env ] || (
    umask 077
    cat >openclaw.env <<EOF
# What OpenClaw is told when its container is made: docker compose up -d openclaw

# The model that answers: what speaks OpenAI's chat completions at this address.
MODEL_URL=https://api.openai.com/v1
MODEL_NAME=
MODEL_KEY=

# For its page and its commands; made by init.sh.
OPENCLAW_GATEWAY_TOKEN=$(token)
EOF
)
