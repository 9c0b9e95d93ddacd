param name string
param location string
param tags object

@description('The hub of ticks; the app reads its name from the setting TicksHub.')
param ticksHub string

@minValue(1)
@maxValue(32)
param partitions int

@minValue(1)
@maxValue(40)
param throughputUnits int

@minValue(0)
@maxValue(40)
@description('Throughput units that Azure may add by itself under load; 0 for none.')
param maximumThroughputUnits int

@minValue(1)
@maxValue(168)
@description('How long a tick can be read again, for instance after the app was down.')
param retentionInHours int = 24

@description('The identity that writes what is captured.')
param identityName string

@description('The account that captured ticks go to; empty captures none.')
param captureAccountName string

@description('The container there.')
param captureContainer string

var captures = !empty(captureAccountName)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = if (captures) {
  name: captureAccountName
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: throughputUnits
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    isAutoInflateEnabled: maximumThroughputUnits > throughputUnits
    maximumThroughputUnits: maximumThroughputUnits > throughputUnits ? maximumThroughputUnits : 0
  }
}

resource ticks 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: ticksHub
  properties: {
    partitionCount: partitions
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: retentionInHours
    }
    captureDescription: captures ? {
      enabled: true
      encoding: 'Avro'
      intervalInSeconds: 300
      sizeLimitInBytes: 314572800
      skipEmptyArchives: true
      destination: {
        name: 'EventHubArchive.AzureBlockBlob'
        identity: {
          type: 'UserAssigned'
          userAssignedIdentity: identity.id
        }
        properties: {
          storageAccountResourceId: storage.id
          blobContainer: captureContainer
          archiveNameFormat: '{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{PartitionId}-{Second}'
        }
      }
    } : null
  }
}

output name string = namespace.name
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
