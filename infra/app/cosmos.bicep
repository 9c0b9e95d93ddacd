param name string
param location string
param tags object
param serverless bool

@minValue(1000)
@description('Autoscale maximum in RU/s that the containers share.')
param maxThroughput int

@minValue(0)
@description('Autoscale maximum in RU/s of the container of ticks alone; 0 lets it share with the others.')
param ticksThroughput int

@description('Spreads every copy over the zones of its region.')
param zoneRedundant bool

@description('A region with a second copy, which takes over when the first is lost. Empty for none; serverless has none.')
param secondLocation string

// The same containers that the local host creates: a test holds the file against Platform/Containers.cs.
var containers = loadJsonContent('../containers.json')
var database = 'finvault'
var ticksContainer = 'market'
var first = {
  locationName: location
  failoverPriority: 0
  isZoneRedundant: zoneRedundant
}
var second = {
  locationName: secondLocation
  failoverPriority: 1
  isZoneRedundant: zoneRedundant
}
var regions = serverless || empty(secondLocation) ? [first] : [first, second]

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
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
    enableAutomaticFailover: length(regions) > 1
    locations: regions
  }
}

resource finvault 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  parent: account
  name: database
  properties: {
    resource: { id: database }
    options: serverless ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
  }
}

// Only what queries use is indexed: every other path would cost request units with every write.
resource container 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = [
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
      options: serverless || ticksThroughput == 0 || definition.name != ticksContainer ? {} : {
        autoscaleSettings: { maxThroughput: ticksThroughput }
      }
    }
  }
]

output name string = account.name
output endpoint string = account.properties.documentEndpoint
