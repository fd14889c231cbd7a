// Sends envelopes to the server of server.bench.mjs, so many at a time, and gives how long all and each of them took.
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { port, envelopes, connections } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

const send = (body) =>
  new Promise((resolve, reject) => {
    const posted = request({ port, host: '127.0.0.1', path: '/subrosa/messages', method: 'POST', agent }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`))));
    });
    posted.on('error', reject).end(body);
  });

const latencies = [];
let next = 0;
async function worker() {
  while (next < envelopes.length) {
    const begin = performance.now();
    await send(envelopes[next++]);
    latencies.push(performance.now() - begin);
  }
}
const begin = performance.now();
await Promise.all(Array.from({ length: connections }, worker));
parentPort.postMessage({ total: performance.now() - begin, latencies });
agent.destroy();
