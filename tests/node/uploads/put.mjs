// Puts files to signed URLs with the real SDK. Input: a JSON file, [{ signed, file }]; prints a line for each block or file.
import { readFile, open } from 'node:fs/promises';
import { BlockBlobClient } from '@azure/storage-blob';

const items = JSON.parse(await readFile(process.argv[2], 'utf8'));

async function putWhole({ signed, file }) {
  const client = new BlockBlobClient(signed.url);
  const body = await readFile(file);
  await client.upload(body, body.length, { blobHTTPHeaders: { blobContentType: signed.headers['content-type'] } });
  console.log('file');
}

async function putBlocks({ signed, file }) {
  const client = new BlockBlobClient(signed.url);
  const { ids, missing, blockBytes } = signed.blocks;
  const handle = await open(file);
  for (const id of missing) {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(blockBytes), 0, blockBytes, ids.indexOf(id) * blockBytes);
    await client.stageBlock(id, buffer.subarray(0, bytesRead), bytesRead);
    console.log(`block ${id}`);
  }
  await handle.close();
  await client.commitBlockList(
    ids, { blobHTTPHeaders: { blobContentType: signed.headers['x-ms-blob-content-type'] } });
  console.log('file');
}

await Promise.all(items.map((item) => (item.signed.blocks ? putBlocks(item) : putWhole(item))));
