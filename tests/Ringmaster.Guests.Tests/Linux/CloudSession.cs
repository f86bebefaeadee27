namespace Ringmaster.Guests.Tests.Linux;

/// <summary>See <see cref="LinuxGuest.Cloud"/>.</summary>
public sealed class CloudSession() : LinuxSession(LinuxGuest.Cloud());
