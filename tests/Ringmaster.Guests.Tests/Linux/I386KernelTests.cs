namespace Ringmaster.Guests.Tests.Linux;

public sealed class I386KernelTests(I386Session session) : LinuxTests(session, "i686"), IClassFixture<I386Session>;
