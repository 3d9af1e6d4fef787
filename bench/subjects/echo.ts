import { type AddressInfo, createServer } from 'node:net'

/** The least that a server on TCP can do: it says what it hears. */
const server = createServer({ noDelay: true }, socket => {
  socket.on('data', octets => socket.write(octets))
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
process.on('message', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
