namespace Ringmaster.Host.Files;

/// <summary>What Linux tells of a file system (statfs(2)).</summary>
/// <param name="BlockSize">Bytes of a block.</param>
/// <param name="Blocks">All blocks.</param>
/// <param name="Free">Free blocks.</param>
/// <param name="Available">Free blocks for those without privilege.</param>
/// <param name="Files">All inodes.</param>
/// <param name="FreeFiles">Free inodes.</param>
/// <param name="Id">Its ID.</param>
/// <param name="LongestName">Bytes of the longest name.</param>
public readonly record struct FileSystemStatus(
    uint BlockSize, ulong Blocks, ulong Free, ulong Available, ulong Files, ulong FreeFiles, ulong Id, uint LongestName);
