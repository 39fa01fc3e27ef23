package dev.notifier.architecture.breach;

import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Breaks "only engine threads makes threads". */
final class ThreadMaker {
  Thread thread() {
    return new Thread(() -> {});
  }

  Timer timer() {
    return new Timer();
  }

  ExecutorService executor() {
    return Executors.newCachedThreadPool();
  }

  CompletableFuture<String> async() {
    return CompletableFuture.supplyAsync(() -> "x");
  }

  CompletionStage<String> stage(CompletionStage<String> stage) {
    return stage.thenApplyAsync(text -> text);
  }
}
