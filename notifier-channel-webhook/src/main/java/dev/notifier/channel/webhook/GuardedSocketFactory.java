package dev.notifier.channel.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.SocketFactory;

/**
 * Makes sockets that ask the guard when they connect. Only there is the address known that is
 * really used: a check of the URL, or of a name looked up before, can be fooled by literals in odd
 * forms and by names that change what they stand for.
 */
final class GuardedSocketFactory extends SocketFactory {
  private final AddressGuard guard;

  GuardedSocketFactory(AddressGuard guard) {
    this.guard = guard;
  }

  @Override
  public Socket createSocket() {
    return new GuardedSocket(guard);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  /** OkHttp calls none of the methods above; they are here so that none is a way around. */
  private Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = createSocket();
    socket.connect(address);
    return socket;
  }

  private static final class GuardedSocket extends Socket {
    private final AddressGuard guard;

    GuardedSocket(AddressGuard guard) {
      super(Proxy.NO_PROXY); // else the JVM's socksProxyHost would resolve the name elsewhere
      this.guard = guard;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address) || address.isUnresolved()) {
        throw new RefusedAddressException("an address that is not resolved cannot be checked");
      }
      Optional<String> fault = guard.fault(address.getHostString(), address.getAddress());
      if (fault.isPresent()) {
        throw new RefusedAddressException(fault.get());
      }
      super.connect(endpoint, timeout);
    }
  }
}
