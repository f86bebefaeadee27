namespace Ringmaster.Guests.Tests.Linux;

public sealed class CloudKernelTests(CloudSession session) : LinuxTests(session, "x86_64"), IClassFixture<CloudSession>;
