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

@minValue(1)
@maxValue(168)
@description('How long a tick can be read again, for instance after the app was down.')
param retentionInHours int = 24

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: throughputUnits
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
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
  }
}

output name string = namespace.name
output fullyQualifiedNamespace string = '${namespace.name}.servicebus.windows.net'
