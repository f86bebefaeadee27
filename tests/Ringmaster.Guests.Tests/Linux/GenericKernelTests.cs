namespace Ringmaster.Guests.Tests.Linux;

public sealed class GenericKernelTests(GenericSession session) : LinuxTests(session, "x86_64"), IClassFixture<GenericSession>;
