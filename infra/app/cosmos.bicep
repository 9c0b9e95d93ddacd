param name string
param location string
param tags object
param serverless bool

@minValue(1000)
@description('Autoscale maximum in RU/s that the containers share.')
param maxThroughput int

// The same containers that the local host creates: a test holds the file against Platform/Containers.cs.
var containers = loadJsonContent('../containers.json')
var database = 'finvault'

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    disableLocalAuth: true
    minimalTlsVersion: 'Tls12'
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    capabilities: serverless ? [{ name: 'EnableServerless' }] : []
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: { tier: 'Continuous7Days' }
    }
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: false
      }
    ]
  }
}

resource finvault 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-11-15' = {
  parent: account
  name: database
  properties: {
    resource: { id: database }
    options: serverless ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
  }
}

// Only what queries use is indexed: every other path would cost request units with every write.
resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-11-15' = [
  for definition in containers: {
    parent: finvault
    name: definition.name
    properties: {
      resource: {
        id: definition.name
        defaultTtl: definition.timeToLiveSeconds
        partitionKey: {
          kind: 'Hash'
          paths: [definition.partitionKey]
          version: 2
        }
        indexingPolicy: {
          automatic: true
          indexingMode: 'consistent'
          includedPaths: [for path in definition.indexedPaths: { path: path }]
          excludedPaths: contains(definition.indexedPaths, '/*') ? [] : [{ path: '/*' }]
        }
      }
    }
  }
]

output name string = account.name
output endpoint string = account.properties.documentEndpoint
