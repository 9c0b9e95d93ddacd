param name string
param location string
param tags object

@description('The hub whose messages and connections the function app handles.')
param hub string

@minValue(1)
@maxValue(100)
param units int

@description('The tier that survives the loss of a zone; it costs more.')
param zoneRedundant bool

param allowedOrigins array
param functionAppUri string

@secure()
@description('System key of the app\'s SignalR extension; empty until the app was deployed for the first time.')
param extensionKey string

var webhook = '${functionAppUri}/runtime/webhooks/signalr'

resource signalR 'Microsoft.SignalRService/signalR@2024-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'SignalR'
  sku: {
    name: zoneRedundant ? 'Premium_P1' : 'Standard_S1'
    tier: zoneRedundant ? 'Premium' : 'Standard'
    capacity: units
  }
  properties: {
    disableLocalAuth: true
    features: [
      {
        flag: 'ServiceMode'
        value: 'Serverless'
      }
    ]
    cors: { allowedOrigins: allowedOrigins }
    upstream: {
      templates: [
        {
          hubPattern: hub
          categoryPattern: '*'
          eventPattern: '*'
          urlTemplate: empty(extensionKey) ? webhook : '${webhook}?code=${extensionKey}'
          auth: { type: 'None' }
        }
      ]
    }
  }
}

output name string = signalR.name
output uri string = 'https://${signalR.properties.hostName}'
