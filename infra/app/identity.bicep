param name string
param location string
param tags object

// The one identity that the app runs, deploys and signs in as; its roles are in rbac.bicep.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output name string = identity.name
output principalId string = identity.properties.principalId
