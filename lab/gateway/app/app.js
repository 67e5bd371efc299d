// The same shop for Node: app.js ADDRESS PORT [KEEP_ALIVE_MS [CERTIFICATE KEY]]. ADDRESS may be a name; a PORT that is no number is a Unix socket.
const fs = require('fs');
const crypto = require('crypto');
const [address, port, keep = '5000', certificate, key] = process.argv.slice(2);

function answer(request, response) {
  const [, verb, argument] = request.url.split('/');
  const page = `<!doctype html><title>Shop</title><h1>${request.url}</h1>\n`;
  if (verb === 'slow') return setTimeout(() => response.end(page), 1000 * Number(argument));
  if (verb === 'header') response.setHeader('Set-Cookie', 'session=' + 'x'.repeat(Number(argument)));
  if (verb === 'crash') throw new Error('crashed on purpose');
  if (verb === 'cut') {
    response.setHeader('Content-Length', 5000);
    response.write('x'.repeat(1000));
    return setTimeout(() => request.socket.destroy(), 50);
  }
  if (verb === 'socket') response.statusCode = 426;
  response.end(page);
}

const server = certificate
  ? require('https').createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}, answer)
  : require('http').createServer(answer);
server.keepAliveTimeout = Number(keep);
server.on('upgrade', (request, socket) => {
  const word = (request.headers['sec-websocket-key'] || '') + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  socket.on('error', () => {});
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ' +
    crypto.createHash('sha1').update(word).digest('base64') + '\r\n\r\n');
});
if (/^\d+$/.test(port)) server.listen(Number(port), address); else server.listen(port);
