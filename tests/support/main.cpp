#include <gmock/gmock.h>

#include <csignal>

int main(int argc, char** argv) {
  // As the program does for itself: who writes to a connection that the other side closed gets an error.
  std::signal(SIGPIPE, SIG_IGN);
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
