namespace Ringmaster.Guests.Tests.Linux;

/// <summary>See <see cref="LinuxGuest.I386"/>.</summary>
public sealed class I386Session() : LinuxSession(LinuxGuest.I386(), LinuxGuest.NoCryptoTests);
