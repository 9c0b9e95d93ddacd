#!/bin/sh
# Tells SignalR where the app listens, then asks whether what was deployed is alive. The key in that address is made by
# the app's SignalR extension when it first starts, so it cannot be known while the resources are made. It is kept in
# the azd environment, so that the next 'azd provision' sets the same address.
set -eu

key=$(az functionapp keys list --resource-group "$AZURE_RESOURCE_GROUP" --name "$SERVICE_API_NAME" \
  --query systemKeys.signalr_extension --output tsv)
if [ -z "$key" ]; then
  echo "The app has no key named signalr_extension yet: has it started? Run 'azd deploy' again." >&2
  exit 1
fi

azd env set SIGNALR_EXTENSION_KEY "$key"
az signalr upstream update --resource-group "$AZURE_RESOURCE_GROUP" --name "$SIGNALR_NAME" --output none --template \
  url-template="$SERVICE_API_URI/runtime/webhooks/signalr?code=$key" hub-pattern=finvault category-pattern='*' event-pattern='*'
echo "SignalR sends its messages to $SERVICE_API_URI."

./infra/hooks/smoke.sh "$PUBLIC_URI"
