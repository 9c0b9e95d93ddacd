param name string
param location string
param tags object

@description('Origins of the web client: their browsers put files straight into this account.')
param allowedOrigins array

@description('How its bytes are kept.')
param sku string

// The names are those of Uploads/UploadBlobs.cs; a test compares.
var privateContainer = 'uploads'
var publicContainer = 'media'
var quarantine = 'quarantine'

// An account of its own: pictures in it are for everybody, and nothing else of FinVault lies beside them.
resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: true
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    cors: {
      corsRules: empty(allowedOrigins) ? [] : [
        {
          allowedOrigins: allowedOrigins
          allowedMethods: ['GET', 'HEAD', 'PUT', 'OPTIONS']
          allowedHeaders: ['content-type', 'x-ms-*']
          exposedHeaders: ['etag', 'x-ms-*']
          maxAgeInSeconds: 3600
        }
      ]
    }
  }
}

resource hidden 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: privateContainer
}

resource shown 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: publicContainer
  properties: { publicAccess: 'Blob' }
}

// The app sweeps what nobody confirmed; this is for what it never learns of, and is longer than an upload may take.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'left-in-quarantine'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${privateContainer}/${quarantine}/']
            }
            actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 3 } } }
          }
        }
        {
          name: 'seldom-looked-at'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${publicContainer}/']
            }
            actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 90 } } }
          }
        }
      ]
    }
  }
}

output name string = account.name
output uri string = account.properties.primaryEndpoints.blob
