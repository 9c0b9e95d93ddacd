param name string
param location string
param tags object

@description('The task hub of the orchestrations; host.json names the same.')
param hub string

// Durable Task Scheduler, by use. It keeps the histories of orchestrations instead of queues and tables of the storage
// account. Its addresses are open, its data is not: only an identity with the role in rbac.bicep gets in.
resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ['0.0.0.0/0']
    sku: { name: 'Consumption' }
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: hub
}

output name string = scheduler.name
output endpoint string = scheduler.properties.endpoint
