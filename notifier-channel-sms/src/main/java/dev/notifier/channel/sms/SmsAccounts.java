package dev.notifier.channel.sms;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Several accounts as one channel: made by {@link SmsChannel#failover} and {@link
 * SmsChannel#roundRobin}. Not thread-safe.
 */
public final class SmsAccounts extends SmsChannelFactory<SmsAccounts> {
  private final boolean inTurn;
  private final List<SmsAccount<?>> accounts = new ArrayList<>();

  SmsAccounts(boolean inTurn, SmsAccount<?> first, SmsAccount<?>... more) {
    this.inTurn = inTurn;
    this.accounts.add(first);
    this.accounts.addAll(List.of(more));
    if (accounts.stream().anyMatch(SmsChannelFactory::isSetAsChannel)) {
      throw new IllegalStateException(
          "id, maxParts, truncateLongTexts, smartEncoding and clock are for all accounts together:"
              + " call them on failover(...) or roundRobin(...), not on an account in it");
    }
  }

  @Override
  SmsAccounts self() {
    return this;
  }

  @Override
  boolean inTurn() {
    return inTurn;
  }

  @Override
  List<SmsGateway> gateways(InstantSource clock) {
    List<SmsGateway> gateways = new ArrayList<>();
    try {
      accounts.forEach(account -> gateways.add(account.gateway(clock)));
    } catch (RuntimeException e) {
      gateways.forEach(SmsGateway::close);
      throw e;
    }
    return gateways;
  }
}
