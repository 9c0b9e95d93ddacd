param name string
param location string
param tags object

@allowed(['Free', 'Standard'])
@description('Free has no service level agreement; Standard has one, and more traffic in its price.')
param sku string

@description('Host name of the function app.')
param apiHost string
param hasFrontDoor bool
param frontDoorName string
param endpointName string
param wallName string

// The web client: files, and nothing else. Its API is not linked: Static Web Apps puts a token of its own into the
// Authorization header of what it hands on to a linked back end, and FinVault's callers have theirs there. Front Door
// makes one origin of the two.
resource site 'Microsoft.Web/staticSites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: {
    name: sku
    tier: sku
  }
  properties: {
    provider: 'Custom'
    stagingEnvironmentPolicy: 'Disabled'
    allowConfigFileUpdates: true
    buildProperties: { skipGithubActionWorkflowGeneration: true }
  }
}

module edge './frontdoor.bicep' = if (hasFrontDoor) {
  name: 'frontdoor'
  params: {
    name: frontDoorName
    endpointName: endpointName
    wallName: wallName
    tags: tags
    apiHost: apiHost
    webHost: site.properties.defaultHostname
  }
}

output name string = site.name
output uri string = 'https://${site.properties.defaultHostname}'
output publicUri string = hasFrontDoor ? edge.outputs.uri : 'https://${site.properties.defaultHostname}'
output frontDoorId string = hasFrontDoor ? edge.outputs.frontDoorId : ''
